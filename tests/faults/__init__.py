"""A small conformant service, and a catalogue of single faults that are put into it."""
