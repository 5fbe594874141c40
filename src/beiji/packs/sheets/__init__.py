"""Packs in a spreadsheet: a view of their texts for translators and reviewers, and the way back by a three-way merge.

`rows` finds what is shown, `writing` makes the workbook, `reading` reads one that comes back, `merging` compares it with
the pack as it is now, `applying` puts texts into the YAML, `preview` says what would happen. The YAML is the source.
"""
