<?php

return ( new PhpCsFixer\Config() )
	->setRiskyAllowed( false )
	->setUsingCache( false )
	->setIndent( "\t" )
	->setRules(
		[
			'@PER-CS' => true,
			'spaces_inside_parentheses' => [ 'space' => 'single' ],
			'braces_position' => [
				'functions_opening_brace' => 'same_line',
				'classes_opening_brace' => 'same_line',
				'anonymous_functions_opening_brace' => 'same_line',
			],
			// Trailing commas in parameters and in `use ()` need PHP 8.
			'trailing_comma_in_multiline' => [ 'elements' => [ 'arrays' ] ],
			'no_unused_imports' => true,
			'ordered_imports' => true,
			'yoda_style' => true,
			'indentation_type' => true,
		]
	)
	->setFinder(
		PhpCsFixer\Finder::create()
			->in( [ __DIR__, dirname( __DIR__ ) . '/test/wordpress/site', dirname( __DIR__ ) . '/test/wordpress/stand-ins', dirname( __DIR__ ) . '/test/wordpress/steps' ] )
			->name( '*.php' )
			->ignoreDotFiles( false )
	);
