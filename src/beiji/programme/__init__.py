"""Cities, the subjects in them, organisations, people, accounts, dated roles and the programme's stages."""
