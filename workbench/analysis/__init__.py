"""Tables in, one table out: every number with its denominator, its n, its interval and `sufficient`.

The grouping is chosen once, in `units`; each analysis takes those units as its denominators and
returns a table whose first columns say which spans it counted, so that `evidence` can find them.
"""
