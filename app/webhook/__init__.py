"""Telling organisers' own systems what happens."""
