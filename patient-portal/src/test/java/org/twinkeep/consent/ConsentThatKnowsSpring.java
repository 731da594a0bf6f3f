package org.twinkeep.consent;

import org.springframework.context.ApplicationContext;

/** Wrong on purpose: the root of consent is wired by Spring. */
public final class ConsentThatKnowsSpring {
    ApplicationContext context;
}
