"""Jobs: reports wanted again and again, each a TOML file."""
