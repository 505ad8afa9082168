"""Endorsements as organisers work on them: evidence, queue, decisions."""
