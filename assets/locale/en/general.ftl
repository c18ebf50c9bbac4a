product = Edgewright
