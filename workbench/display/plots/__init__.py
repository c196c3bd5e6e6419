"""Draw figures from the tables of `analysis`; a figure counts nothing."""
