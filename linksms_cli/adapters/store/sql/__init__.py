"""What the store means, in the SQL that every database of ours speaks.

A backend brings a `Connection`, its schema, and what keeps processes apart; it uses what is here.
"""
