"""UDIF images (.dmg): read block by block, each checksum compared."""
