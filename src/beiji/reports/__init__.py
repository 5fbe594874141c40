"""Reports: frozen snapshots of what the ledger and the rooms said, composed for their readers."""
