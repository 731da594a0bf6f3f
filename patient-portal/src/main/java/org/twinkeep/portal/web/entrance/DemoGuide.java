package org.twinkeep.portal.web.entrance;

import java.util.List;

/**
 * What the first page of a demo says: who there is, how to sign in as each, and what to try. There is none outside a demo.
 *
 * @param tries sentences, in the order that the story goes
 */
public record DemoGuide(List<DemoPerson> people, List<String> tries) {

    /** @param what who this is in the story */
    public record DemoPerson(String name, String role, String signIn, String password, String what) {}
}
