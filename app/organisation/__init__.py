"""The address book of organisations."""
