package org.twinkeep.portal.web;

import java.util.HashMap;
import java.util.Map;
import org.springframework.test.web.servlet.MockMvc;

/** The people of the stage, each signed in once. */
final class Visitors {
    private final MockMvc mvc;
    private final Map<String, Visitor> signedIn = new HashMap<>();

    Visitors(MockMvc mvc) {
        this.mvc = mvc;
    }

    Visitor nobody() {
        return new Visitor(mvc);
    }

    Visitor named(String name) throws Exception {
        var visitor = signedIn.get(name);
        if (visitor == null) {
            visitor = nobody().signsIn(name);
            signedIn.put(name, visitor);
        }
        return visitor;
    }
}
