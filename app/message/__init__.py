"""What organisers write to those who signed."""
