using System.Reflection;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Decides where the snapshots of a test lie.</summary>
public delegate PathInfo DerivePathInfo(string sourceFile, string projectDirectory, Type type, MethodInfo method);
