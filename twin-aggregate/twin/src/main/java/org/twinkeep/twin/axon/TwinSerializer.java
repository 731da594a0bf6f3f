package org.twinkeep.twin.axon;

import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.json.EventForm;

/**
 * Serializes skeletons by their stable names: a class name is never stored, and a body never passes through here.
 * Metadata goes as Jackson writes it.
 */
public final class TwinSerializer implements Serializer {

    private final Jackson3Serializer jackson = Jackson3Serializer.builder().build();

    @Override
    public <T> SerializedObject<T> serialize(@Nullable Object object, Class<T> as) {
        if (!(object instanceof Happened happened)) {
            return jackson.serialize(object, as);
        }
        var bytes = EventForm.write(happened.event());
        var type = new SimpleSerializedType(EventForm.nameOf(happened.event()), EventForm.REVISION);
        return new SimpleSerializedObject<>(jackson.getConverter().convert(bytes, as), as, type);
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> representation) {
        return jackson.canSerializeTo(representation);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S, T> @Nullable T deserialize(SerializedObject<S> serialized) {
        if (classForType(serialized.getType()) != Happened.class) {
            return jackson.deserialize(serialized);
        }
        var bytes = jackson.getConverter().convert(serialized, byte[].class).getData();
        return (T) Happened.of(EventForm.read(serialized.getType().getName(), bytes));
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        if (SerializedType.emptyType().equals(type)) {
            return Void.class;
        }
        if (MetaData.class.getName().equals(type.getName())) {
            return MetaData.class;
        }
        return EventForm.isName(type.getName()) ? Happened.class : UnknownSerializedType.class;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(@Nullable Class type) {
        return jackson.typeForClass(type);
    }

    @Override
    public Converter getConverter() {
        return jackson.getConverter();
    }
}
