"""Little Dictionaries: the models, dictionaries and evidence that the chapters share.

Data flows one way, and the rooms stand along its way::

    core -> text -> model -> sae -> analysis -> book

A room imports only rooms before it.
"""
