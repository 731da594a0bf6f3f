package org.twinkeep.portal.tour;

import java.util.Map;

/** One step of the tour: what it looks at, whether it held, and its figures; {@code why} stands there when it did not. */
public record Step(String name, boolean ok, Map<String, Object> figures) {}
