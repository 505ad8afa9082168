"""Names of organisations, people, places and websites as text."""
