"""What a report says, as numbers and choices: plain values in, plain values out; the words are put to it elsewhere."""
