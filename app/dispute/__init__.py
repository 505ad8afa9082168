"""Disputed lines: from what somebody listed says to what organisers decide."""
