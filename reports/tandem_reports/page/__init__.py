"""Pages: one self-contained HTML file each, made from the files of a run alone.

This room imports Altair and Jinja2: import it where a page is wanted.
"""
