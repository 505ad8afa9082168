"""The audit trail, and its words."""
