package org.twinkeep.crypto.sealing;

import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;

/** Where an event stands: all of it is bound into its envelopes, so that none can be moved. */
public record EventContext(
        StreamName stream, long sequence, String eventId, String type, String revision, TwinId twin, KeyScope scope) {}
