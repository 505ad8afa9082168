"""The circulation list: whom a letter is sent to, and what they answer."""
