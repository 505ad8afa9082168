"""What signers do: sign, confirm, correct, withdraw."""
