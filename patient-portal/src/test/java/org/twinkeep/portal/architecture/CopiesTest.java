package org.twinkeep.portal.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;

/** Whoever keeps something by twin, stream, entry or view hears of erasures, or {@code docs/copies.md} says who purges it. */
class CopiesTest {

    private static final Set<String> WHOSE = Set.of(
            TwinId.class.getName(),
            StreamName.class.getName(),
            EntryId.class.getName(),
            "org.twinkeep.projections.reading.ViewOf");

    @Test
    void every_copy_has_somebody_who_purges_it() throws IOException {
        var words = Files.readString(Path.of("..", "docs", "copies.md"));
        var unnamed = keepers(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(from -> !from.contains("-tests.jar"))
                .importPackages("org.twinkeep"));
        assertThat(unnamed).containsKeys("RecentChapters", "KeyRing", "SealedViews");
        unnamed.keySet().removeIf(name -> words.contains("`" + name + "`"));
        assertThat(unnamed)
                .as("classes that keep something of a twin and that docs/copies.md does not name, with the field")
                .isEmpty();
    }

    @Test
    void somebody_who_keeps_bodies_by_twin_and_hears_nothing_is_found() {
        assertThat(keepers(new ClassFileImporter().importClasses(Hoard.class, Swept.class)))
                .containsOnlyKeys("CopiesTest");
    }

    /** By the name of their outermost class. */
    private static Map<String, Set<String>> keepers(JavaClasses classes) {
        var keepers = new TreeMap<String, Set<String>>();
        for (var each : classes) {
            if (each.isRecord()
                    || each.isAssignableTo(Sweep.class) && !each.getSimpleName().equals("SealedViews")) {
                continue;
            }
            each.getFields().stream()
                    .filter(CopiesTest::keepsOfATwin)
                    .forEach(field -> keepers.computeIfAbsent(outermost(each), _ -> new TreeSet<>())
                            .add(field.getName()));
        }
        return keepers;
    }

    private static boolean keepsOfATwin(JavaField field) {
        var type = field.getRawType();
        return !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                && (type.isAssignableTo(Map.class) || type.isAssignableTo(Collection.class))
                && field.getAllInvolvedRawTypes().stream().anyMatch(involved -> WHOSE.contains(involved.getName()));
    }

    private static String outermost(JavaClass each) {
        return each.getEnclosingClass().map(CopiesTest::outermost).orElse(each.getSimpleName());
    }

    /** Breaks the rule on purpose. */
    @SuppressWarnings("unused")
    private static final class Hoard {
        private final Map<TwinId, byte[]> bodies = new TreeMap<>();
    }

    @SuppressWarnings("unused")
    private abstract static class Swept implements Sweep {
        private final Map<TwinId, byte[]> bodies = new TreeMap<>();
    }
}
