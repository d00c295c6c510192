#!/usr/bin/env pwsh
# A thin wrapper over the README's commands: ./build.ps1 [build|test|demo|format]
param([ValidateSet('build', 'test', 'demo', 'format')] [string] $Target = 'build')

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

switch ($Target) {
    'build' { dotnet build }
    'test' { dotnet test }
    'demo' { dotnet run --project Edge/Host -- demo }
    'format' { dotnet format whitespace }
}

exit $LASTEXITCODE
