"""The paper: studies whose data, figures and findings anybody can make again and verify.

A study of the paper is one or more study files of ``experiments/studies/`` (question and hypotheses
are written there, before any run) and one module of :mod:`experiments.paper.about`, which says what
the stored runs say: ``judge`` each hypothesis, ``numbers`` for the text, and one figure. All of it
comes from the tables in ``results/``, and from nothing else.
"""
