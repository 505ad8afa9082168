"""Signatories as the public sees them, and the letter that carries their names."""
