"""Words that names of organisations are made of, in languages of many of them."""
