"""Sweeps: thousands of runs that survive dying workers, hanging runs, full disks and power cuts.

From the inside out: ``running`` makes one run in a worker; ``processes`` and ``serial`` are
executors; ``coordinator`` gives runs to an executor and takes what comes back; ``shards``,
``store``, ``locks`` and ``writer`` keep it; ``replication`` decides how many runs a point needs;
``sweep`` does all of it for a study; ``scored`` says how a run of this project's model is made.
"""
