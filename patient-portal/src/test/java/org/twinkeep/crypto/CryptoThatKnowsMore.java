package org.twinkeep.crypto;

import tools.jackson.databind.JsonNode;

/** Wrong on purpose: crypto reads JSON with a library. */
public final class CryptoThatKnowsMore {
    JsonNode tree;
}
