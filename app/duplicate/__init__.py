"""Endorsements that may be one signer's: found, told apart, merged."""
