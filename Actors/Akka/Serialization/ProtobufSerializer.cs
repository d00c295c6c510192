using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Mcptt.Actors.Akka.Serialization;

/// <summary>Protobuf messages under names that never change: a manifest is never the name of a type.</summary>
public abstract class ProtobufSerializer(ExtendedActorSystem system, params ProtobufSerializer.Entry[] entries) : SerializerWithStringManifest(system)
{
    public override string Manifest(object o) =>
        Array.Find(entries, entry => entry.Type == o.GetType())?.Manifest ?? throw new SerializationException($"{GetType().Name} does not know {o.GetType()}");

    public override byte[] ToBinary(object obj) => ((IMessage)obj).ToByteArray();

    public override object FromBinary(byte[] bytes, string manifest) =>
        Array.Find(entries, entry => entry.Manifest == manifest) is { } known
            ? known.Parser.ParseFrom(bytes)
            : throw new SerializationException($"{GetType().Name} does not know the manifest \"{manifest}\": a later version wrote it");

    public sealed record Entry(string Manifest, Type Type, MessageParser Parser);
}
