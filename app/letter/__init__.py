"""The letter itself: its text, its versions, its states and deadlines."""
