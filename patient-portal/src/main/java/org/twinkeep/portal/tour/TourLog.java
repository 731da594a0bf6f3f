package org.twinkeep.portal.tour;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is logged during the tour, in a file of its own, so that it can be searched for what must not be there. */
final class TourLog implements AutoCloseable {
    private final FileAppender<ILoggingEvent> file = new FileAppender<>();
    private final ch.qos.logback.classic.Logger root;

    TourLog(Path to) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var whole = new PatternLayoutEncoder();
        whole.setContext(context);
        whole.setPattern("%d %level %logger: %msg%n%xThrowable{full}");
        whole.start();
        file.setContext(context);
        file.setFile(to.toString());
        file.setEncoder(whole);
        file.start();
        root.addAppender(file);
    }

    @Override
    public void close() {
        root.detachAppender(file);
        file.stop();
    }
}
