# Names that messages share; a message says `{ -edgewright }`. A language may give a term cases as attributes.
-edgewright = Edgewright
-access-edge = Access Edge
-edge-server = Edge Server
-management-shell = Lync Server Management Shell
-sasl-external = SASL EXTERNAL
-server-dialback = server dialback
