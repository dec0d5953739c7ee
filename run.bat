@echo off
rem Starts Tuppence from source. All arguments go to it: run.bat --help
rem Needs the .NET 10 SDK and nothing else. The first start builds (about a minute), later ones only what has changed.
setlocal
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "DOTNET_NOLOGO=1"
set "program=%~dp0artifacts\bin\Tuppence\release\tuppence.dll"

where dotnet >nul 2>nul
if errorlevel 1 (
    echo run.bat: the .NET 10 SDK is not installed ^(no "dotnet" on the PATH^). 1>&2
    echo Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again. 1>&2
    exit /b 1
)

rem global.json, which names the SDK, is looked for from the current folder.
pushd "%~dp0"
dotnet --version >nul 2>nul
if errorlevel 1 (
    popd
    echo run.bat: no .NET SDK that is new enough: version 10.0 is needed. 1>&2
    echo Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again. 1>&2
    exit /b 1
)
if not exist "%program%" echo Building Tuppence for the first time. This takes about a minute and fetches packages from NuGet ... 1>&2
dotnet build src\Tuppence --configuration Release --nologo --verbosity quiet -p:RestoreLockedMode=true -p:NuGetAudit=false -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false 1>&2
if errorlevel 1 (
    popd
    echo run.bat: the build failed; the reasons stand above. 1>&2
    exit /b 1
)
popd

dotnet "%program%" %*
exit /b %errorlevel%
