package org.twinkeep.twin.store;

import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;

/** Where an aggregate's events lie, and whose keys seal them. */
public record Place(String aggregate, StreamName stream, TwinId twin, KeyScope scope) {}
