"""Organisers: getting in, teams, roles, what two do together."""
