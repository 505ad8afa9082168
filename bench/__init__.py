"""What the documentation promises, measured on this machine: `make bench`.

Speeds are told as ratios to a bare server measured in the same run, because machines differ.
"""
