"""Instruments as people use them: scored from a table of answers, brought in from a workbook."""
