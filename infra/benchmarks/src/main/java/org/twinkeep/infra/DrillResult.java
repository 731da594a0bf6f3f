package org.twinkeep.infra;

import java.util.List;
import java.util.Map;

/** What a drill saw. */
record DrillResult(String drill, boolean ok, Map<String, Object> figures, List<String> problems) {}
