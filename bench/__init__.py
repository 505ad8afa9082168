"""What the documentation promises, measured on this machine: `make bench`.

Speeds are told as ratios to what is measured in the same run, because machines differ: a server
that does the least, or another program that does the same.
"""
