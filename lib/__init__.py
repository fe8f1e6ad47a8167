"""Little Dictionaries: the models, dictionaries and evidence that the chapters share.

Data flows one way, and the rooms stand along its way::

    core -> text -> model -> activations -> sae -> analysis      models, dictionaries, measures
         -> settings -> cache -> evidence -> display             what every chapter's run needs
         -> studies                                              one folder a chapter
         -> runs -> pages -> cli                                 running, publishing, commands

A room imports only rooms before it, and no study imports another. What an engineer would copy:
`lib.sae.autoencoders` (`TopK`, `L1`), `lib.sae.training` (`fit`, `fit_ensemble`),
`lib.activations.harvest`, `lib.sae.interchange` (`load_dictionary`), `lib.sae.metrics`
(`evaluate_sae`), `lib.analysis.similarity` (`mmcs`), `lib.analysis.steering` (`steer`),
`lib.text.corpora` (`load_corpus`).
"""
