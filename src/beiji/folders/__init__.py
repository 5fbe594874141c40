"""Evidence folders: one library of files for each hospital, and the folders by clauses that are filled from it."""
