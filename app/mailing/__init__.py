"""Mails, from a template to the mail server."""
