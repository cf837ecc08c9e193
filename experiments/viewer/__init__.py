"""The society in the browser: a page of our own, and the server behind it.

``server`` answers a browser, ``session`` is one visitor's, ``messages`` what a page may ask for,
``watched`` a world with what became of its ties, ``frames`` what is sent of it, ``layout`` where
people are drawn, ``limits`` what one visitor may take. ``page/`` is what the browser runs.
"""
