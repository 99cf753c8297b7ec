"""Text read in the wrong code page: the code pages, the search for a chain of them, lost bytes."""
