"""Pages as finished words and numbers: built here, rendered by templates that decide nothing."""
